import { BlockList, isIP } from 'node:net'

/**
 * Addresses that no notification goes to unless the operator allows them: this machine, its
 * networks, and where clouds tell a machine its secrets. After the special-purpose registries of
 * IANA (RFC 6890 and those after it).
 */
const refused4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's own services for a machine: a public address that leads inside.
  '168.63.129.16/32',
]

/** Of IPv6 only global unicast is public, less documentation and what carries an IPv4 address. */
const public6 = ['2000::/3']
const refused6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Says whether an address may be connected to. */
export type AddressRule = (address: string) => boolean

/** Addresses and ranges (`10.1.0.0/16`, `::1`) as one list. @throws RangeError for anything else */
export function rangesOf(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', prefix, ...rest] = text.split('/')
    const version = isIP(address)
    const longest = version === 4 ? 32 : 128
    const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
    if (version === 0 || rest.length > 0 || bits < 0 || bits > longest) {
      throw new RangeError(`"${text}" is no address and no range`)
    }
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** @param allowed addresses and ranges that may be connected to although they are not public */
export function createAddressRule(allowed: readonly string[]): AddressRule {
  const own = rangesOf(allowed)
  const [bad4, good6, bad6] = [rangesOf(refused4), rangesOf(public6), rangesOf(refused6)]
  return address => {
    if (isIP(address) === 4) return own.check(address) || !bad4.check(address)
    if (isIP(address) !== 6) return false
    // ::ffff:127.0.0.1 is an IPv4 address in other clothes; the list of those is 'own' alone.
    if (own.check(address, 'ipv6')) return true
    return good6.check(address, 'ipv6') && !bad6.check(address, 'ipv6')
  }
}
