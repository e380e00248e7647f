import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Packs a data folder, a tar of about 40 MB, to a tenth. */
export const packed = (tar: Uint8Array): Uint8Array => zstdCompressSync(tar)

/** Its opposite. In large pieces: zlib would give 64 kB at a time, and joining those takes longer than unpacking. */
export const unpacked = (snapshot: Uint8Array): Buffer =>
  zstdDecompressSync(snapshot, { chunkSize: 1 << 26 })
