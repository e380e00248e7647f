import { nearest } from '../read/nearest.ts'

/** Says which option a command does not have, or what one lacks; `parseArgs` of Node words it for programmers. */
export function wrongUsage(command: string, error: unknown, options: readonly string[]): string {
  const { code, message } = error as NodeJS.ErrnoException // of parseArgs
  const [, option = ''] = /'(-[^' =]+)/.exec(message) ?? []
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearest(option.replace(/^-+/, ''), options)
    return `compose ${command} has no option ${option}.${near === undefined ? '' : ` Did you mean   --${near}`}`
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const [name = ''] = option.split(',')
    return message.includes('does not take an argument')
      ? `${name} takes no value.`
      : `${name} needs a value.`
  }
  return message
}
