import {
  createVueLanguagePlugin,
  forEachEmbeddedCode,
  getDefaultCompilerOptions,
} from '@vue/language-core'
import { ts } from 'ts-morph'

/** A component as the TypeScript that its template and script mean together. */
export interface VueCode {
  readonly text: string
  /** `ts`, or `tsx` where the script says so. */
  readonly extension: 'ts' | 'tsx'
  /** Line of the component, from 1, that a mistake at this offset of `text` is of; undefined where it is no mistake of its author. */
  lineOf(offset: number, errorCode: number): number | undefined
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
  const mappings = code.mappings.map((mapping) => ({ ...mapping }))
  return {
    text: isTyped ? text : `// @ts-nocheck\n${text}`,
    extension: code.id.endsWith('x') ? 'tsx' : 'ts',
    lineOf(offset, errorCode) {
      const at = offset + cut
      for (const { data, generatedOffsets, generatedLengths, lengths, sourceOffsets } of mappings) {
        if (!isReported(data.verification, errorCode)) continue
        for (const [index, from] of generatedOffsets.entries()) {
          const length = (generatedLengths ?? lengths)[index] ?? 0
          if (at >= from && at <= from + length)
            return source
              .slice(0, (sourceOffsets[index] ?? 0) + Math.min(at - from, lengths[index] ?? 0))
              .split('\n').length
        }
      }
      return undefined
    },
  }
}

const isScript = ({ id }: { readonly id: string }) => /^script_[jt]sx?$/.test(id)

/** The helpers it refers to by a path of this machine; the project names them itself. */
const reference = /^\/\/\/ <reference types=.*\n/gm

function isReported(
  verification:
    | boolean
    | { shouldReport?(source: string | undefined, code: string | number | undefined): boolean }
    | undefined,
  code: number,
): boolean {
  if (typeof verification !== 'object') return verification === true
  return verification.shouldReport?.('ts', code) ?? true
}
