import type { Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { imageProblems } from './pinned-images.ts'
import { ourEnvironment } from './service-document.ts'
import { fragmentConflict, noProgram } from './service-problems.ts'
import type { PluginService } from './services.ts'

/** Services that would run nothing, two things, or what a tag may point at tomorrow. */
export function programProblems(
  { own, planned, name }: PluginService,
  selection: Selection,
): readonly Problem[] {
  const { image, environment } = own.values
  if (planned.entryFile !== undefined) {
    const ours = ourEnvironment(planned)
    return [
      ...(['image', 'entrypoint', 'command'] as const)
        .filter((key) => own.values[key] !== undefined)
        .map((key) =>
          fragmentConflict(`services.${name}.${key}`, [
            own.fact(key),
            ['compose', 'entry', planned.entryFile ?? ''],
          ]),
        ),
      ...Object.entries((environment ?? {}) as Readonly<Record<string, string>>) // read as a mapping
        .filter(([key, value]) => ours[key] !== undefined && ours[key] !== value)
        .map(([key]) =>
          fragmentConflict(`services.${name}.environment.${key}`, [
            own.fact('environment', key),
            ['compose', 'entry', `${key}: ${ours[key] ?? ''}`],
          ]),
        ),
    ]
  }
  if (typeof image !== 'string') return [noProgram(own.name, own.at)]
  return imageProblems(own, image, selection)
}
