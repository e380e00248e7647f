/** Where a list is a file: of all that is asked for, or of these rows alone; empty values of the query are left out. */
export function exportPath(list: string, query: Readonly<Record<string, string>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== '')
  return `${list}/export?${new URLSearchParams(given)}`
}

export const exportOf = (list: string, rows: readonly { readonly id: string }[]): string =>
  `${list}/export?${new URLSearchParams(rows.map(({ id }) => ['ids', id]))}`
