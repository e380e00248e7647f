import {
  IndentationText,
  Project,
  QuoteKind,
  StructureKind,
  ts,
  VariableDeclarationKind,
} from 'ts-morph'
import { header, type Module } from './module.ts'

let project: Project | undefined

/** Writes one module with one exported constant, formatted; one structure a file, which is what keeps ts-morph quick. */
export function sourceOf({ imports, name, type, value }: Module): string {
  project ??= new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      quoteKind: QuoteKind.Single,
      indentationText: IndentationText.TwoSpaces,
    },
  })
  const file = project.createSourceFile(
    'module.ts',
    {
      statements: [
        ...imports.map((each) => ({ kind: StructureKind.ImportDeclaration as const, ...each })),
        {
          kind: StructureKind.VariableStatement as const,
          isExported: true,
          declarationKind: VariableDeclarationKind.Const,
          declarations: [{ name, type, initializer: value }],
        },
      ],
    },
    { overwrite: true },
  )
  file.formatText({ indentSize: 2, semicolons: ts.SemicolonPreference.Remove })
  return header + file.getFullText()
}
