import net from 'node:net'

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const specialIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // link-local, and in every cloud the address that hands out its credentials
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/**
 * Parts of 2000::/3, the only block that is handed out to the public at all, that are not: protocols, tunnels that carry an
 * IPv4 address inside, documentation. IPv4-mapped, unique-local and link-local addresses all lie outside that block.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const specialIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

/** Whether an IP address belongs to the public internet: not to this machine, its network, its cloud, or a special use. */
export function isPublicAddress(address: string): boolean {
  switch (net.isIP(address)) {
    case 4:
      return !ranges('ipv4', specialIpv4).check(address, 'ipv4')
    case 6:
      // an address with a zone is one of a link
      if (address.includes('%')) return false
      return (
        ranges('ipv6', [['2000::', 3]]).check(address, 'ipv6') && !ranges('ipv6', specialIpv6).check(address, 'ipv6')
      )
    default:
      return false
  }
}

function ranges(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): net.BlockList {
  const list = new net.BlockList()
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, family)
  return list
}
