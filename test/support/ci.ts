/** Whether CI runs the tests: it has time for all of what a person's run takes one of each kind from. */
export const isCi: boolean = process.env['CI'] === 'true'
