/** What a setting may be, in the order of its declaration; undefined where it is free. */
export const choicesOf = ({
  enum: choices,
}: {
  readonly enum?: readonly string[] | Readonly<Record<string, string>>
}): readonly string[] | undefined =>
  Array.isArray(choices) ? choices : choices && Object.keys(choices)
