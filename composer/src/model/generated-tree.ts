/** All generated files: path → text, sorted. */
export type GeneratedTree = ReadonlyMap<string, string>
