import { parse, stringify } from 'yaml'

type Service = Readonly<Record<string, unknown>>

/**
 * The docker-compose file of a distribution with its image by name in the place of a build; never asked of a registry.
 *
 * An image that the selection forced stays.
 */
export function withImage(text: string, distribution: string, reference: string): string {
  const document = parse(text, { version: '1.1' }) as { services: Record<string, Service> } // written by `package`
  const services = Object.entries(document.services).map(([name, service]) => {
    const { build: isBuilt, ...rest } = service
    return isBuilt !== undefined && rest['image'] === `${distribution}:latest`
      ? [name, { ...rest, image: reference, pull_policy: 'never' }]
      : [name, rest]
  })
  return stringify(
    { ...document, services: Object.fromEntries(services) as Record<string, Service> },
    { sortMapEntries: true, lineWidth: 0, version: '1.1' },
  ).trimEnd()
}
