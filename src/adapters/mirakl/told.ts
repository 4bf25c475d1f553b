import type { Told } from '../../workflows/ports.ts'
import type { Written } from './client.ts'

/** A write whose answer says nothing beyond having been taken (204). */
export function toldOf(written: Written): Told {
  return written.result === 'told' ? { result: 'told' } : written
}
