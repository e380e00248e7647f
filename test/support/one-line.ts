/** A problem with its title on one line: how long a folder's name is decides where it is broken. */
export const titleOnOneLine = (problem: string): string =>
  problem.replaceAll(/^✗ .*(?:\n {2}\S.*)*/gm, (title) => title.replaceAll('\n  ', ' '))
