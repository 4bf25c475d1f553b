import type { MiraklControl } from './control.ts'
import { badRequest, json, Refusal } from './reply.ts'

const PREFIX = '/_sandbox/mirakl/'

/** Whether a path belongs to the control surface. */
export function isControl(pathname: string): boolean {
  return pathname.startsWith(PREFIX)
}

/**
 * Calls a control function by name: `POST /_sandbox/mirakl/acceptOrder` with an array of its arguments, or with a single
 * object as its only argument. Answers its result, or null. Throws Refusal: 404 unknown name, 400 what the function refuses.
 */
export async function answerControl(control: MiraklControl, request: Request): Promise<Response> {
  const name = new URL(request.url).pathname.slice(PREFIX.length)
  if (!Object.hasOwn(control, name)) throw new Refusal(404, `There is no control function ${name}`)
  const call = control[name as keyof MiraklControl] as (...given: unknown[]) => unknown
  const given = request.method === 'GET' ? [] : argumentsOf(await request.text())
  try {
    return json(call(...given) ?? null)
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error))
  }
}

function argumentsOf(text: string): unknown[] {
  if (text.trim() === '') return []
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw badRequest('The request body is not valid JSON')
  }
  return Array.isArray(body) ? body : [body]
}
