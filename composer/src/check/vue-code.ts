import {
  createVueLanguagePlugin,
  forEachEmbeddedCode,
  getDefaultCompilerOptions,
} from '@vue/language-core'
import { ts } from 'ts-morph'
import type { Stretch } from './vue-map.ts'

/** A component as the TypeScript that its template and script mean together. */
export interface VueCode {
  readonly text: string
  /** `ts`, or `tsx` where the script says so. */
  readonly extension: 'ts' | 'tsx'
  readonly map: readonly Stretch[]
}

type Typescript = Parameters<typeof createVueLanguagePlugin>[0]
const language = createVueLanguagePlugin<string>(
  ts as unknown as Typescript, // ts-morph carries the same compiler as a namespace of its own
  { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ESNext },
  getDefaultCompilerOptions(),
  (name) => name,
)

/**
 * Gives the code that a component is checked as.
 *
 * The name is the file's alone, `StarRating.vue`: a path would stand in the code.
 * Source: `vuejs/language-tools: packages/language-core`.
 */
export function vueCode(name: string, source: string): VueCode {
  const snapshot = ts.ScriptSnapshot.fromString(source)
  const component = language.createVirtualCode?.(name, 'vue', snapshot, {
    getAssociatedScript: () => undefined,
  })
  const code = component && [...forEachEmbeddedCode(component)].find(isScript)
  if (!code) throw new Error('a component must have its code')
  const text = code.snapshot.getText(0, code.snapshot.getLength()).replaceAll(reference, '')
  const cut = code.snapshot.getLength() - text.length
  const isTyped = code.id.endsWith('ts') || code.id.endsWith('tsx')
  const map = code.mappings
    .filter(({ data }) => data.verification !== undefined && data.verification !== false)
    .flatMap(({ data, generatedOffsets, generatedLengths, lengths, sourceOffsets }) =>
      generatedOffsets.map((from, at): Stretch => ({
        from: from - cut,
        length: (generatedLengths ?? lengths)[at] ?? 0,
        to: sourceOffsets[at] ?? 0,
        toLength: lengths[at] ?? 0,
        except: typeof data.verification === 'object' ? notReported(data.verification) : [],
      })),
    )
  return {
    text: isTyped ? text : `// @ts-nocheck\n${text}`,
    extension: code.id.endsWith('x') ? 'tsx' : 'ts',
    map,
  }
}

const isScript = ({ id }: { readonly id: string }) => /^script_[jt]sx?$/.test(id)

/** The helpers it refers to by a path of this machine; the project names them itself. */
const reference = /^\/\/\/ <reference types=.*\n/gm

/** Mistakes that the code has where its author made none; the only numbers the compiler of components ever asks about. */
const notReported = (verification: {
  shouldReport?(source: string | undefined, code: string | number | undefined): boolean
}): readonly number[] =>
  [2353, 2561, 6133].filter((code) => verification.shouldReport?.('ts', code) === false)
