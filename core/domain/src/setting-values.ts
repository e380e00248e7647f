import type { SettingDeclaration } from '@bitcartcc/sdk/manifest'
import { choicesOf } from '@bitcartcc/sdk/names'

/** The rule a value breaks, in words; undefined where it fits. */
export function settingRule(declaration: SettingDeclaration, value: unknown): string | undefined {
  const { type, minimum, maximum, minLength, maxLength, pattern, format } = declaration
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false'
  if (type === 'string') {
    if (typeof value !== 'string') return 'must be a text'
    if (value.includes('\0')) return 'must not contain a NUL character'
    if (minLength !== undefined && value.length < minLength)
      return `must have at least ${minLength} characters`
    if (maxLength !== undefined && value.length > maxLength)
      return `must have at most ${maxLength} characters`
    const choices = choicesOf(declaration)
    if (choices && !choices.includes(value)) return `must be one of ${choices.join(', ')}`
    if (format === 'color' && !/^#[0-9a-f]{6}$/i.test(value))
      return 'must be a colour such as #0f766e'
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
      return `must match ${pattern}`
    return undefined
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number'
  if (type === 'integer' && !Number.isInteger(value)) return 'must be a whole number'
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}`
  return undefined
}

/** The value an environment variable stands for; the text itself where it stands for none, so that the rule can say so. */
export function valueOfText(declaration: SettingDeclaration, text: string): unknown {
  if (declaration.type === 'string') return text
  if (declaration.type === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text.trim()) ? Number(text) : text
}
