import validRange from 'semver/ranges/valid.js'

/** Whether a text is a range of versions; an empty alternative, which would mean any version, is none. */
export const isRange = (text: string): boolean =>
  validRange(text) !== null && text.split('||').every((part) => part.trim() !== '')
