/** CIDR membership, shared by IAM's conditions and EventBridge's patterns. */
import { BlockList, isIP } from "node:net";

/** @param network `10.0.0.0/8`, `2001:db8::/32` (need not be aligned) or one address. False for what is neither. */
export function isInNetwork(address: string, network: string): boolean {
  const parsed = parseNetwork(network);
  if (!parsed || isIP(address) !== parsed.family) return false;
  const type = parsed.family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(parsed.base, parsed.width, type);
  return list.check(address, type);
}

export function parseNetwork(network: string): { base: string; width: number; family: number } | undefined {
  const [base = "", bits, ...rest] = network.split("/");
  const family = isIP(base);
  const longest = family === 4 ? 32 : 128;
  const width = bits === undefined ? longest : /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  return family === 0 || rest.length > 0 || !(width <= longest) ? undefined : { base, width, family };
}
