import { buffer } from 'node:stream/consumers'
import { execa } from 'execa'

// Lets containers go on once whoever paused them is done, or gone: then nobody holds the other end of this pipe.
await buffer(process.stdin).catch(() => undefined)
const runs = await Promise.all(
  process.argv.slice(2).map((id) => execa('docker', ['unpause', id], { reject: false })),
)
for (const { failed, stderr } of runs) {
  // It was gone before it was paused, or somebody else was faster.
  if (!failed || /is not paused|no such container/i.test(stderr)) continue
  process.stderr.write(`${stderr}\n`)
  process.exitCode = 1
}
