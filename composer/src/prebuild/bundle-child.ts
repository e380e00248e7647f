import { Refused } from '@bitcartcc/sdk/problem'
import { bundlePlugin, type BundleAnswer, type BundleInput } from './bundle.ts'

/** Bundles a plugin. A process of its own: what the bundler and Vue make depends on the environment. */
process.once('message', (input: BundleInput) => {
  void answerTo(input).then((answer) => process.send?.(answer, () => process.exit(0)))
})

const answerTo = (input: BundleInput): Promise<BundleAnswer> =>
  bundlePlugin(input).then(
    (files) => ({ files, problems: [] }),
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error
      return { files: new Map(), problems: error.problems }
    },
  )
