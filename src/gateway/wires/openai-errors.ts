import type { ErrorReply } from '../refusal.ts'
import type { Json, ListedModel } from './gateway-wire.ts'

/** Errors and model lists are the same behind both of OpenAI's interfaces. */
export function openaiErrorBody({ code, message }: ErrorReply): Json {
  const [type, told] = names[code] ?? ['invalid_request_error', code.replaceAll('-', '_')]
  return { error: { message, type, param: null, code: told } }
}

const spent = ['insufficient_quota', 'insufficient_quota'] as const
const names: Partial<Record<ErrorReply['code'], readonly [type: string, code: string | null]>> = {
  'call-limit': spent,
  'token-limit': spent,
  'cost-limit': spent,
  'budget-spent': spent,
  'not-authorised': spent,
  'too-many-failures': spent,
  'token-wrong': ['invalid_request_error', 'invalid_api_key'],
  'model-not-allowed': ['invalid_request_error', 'model_not_found'],
  'too-many-calls': ['server_error', null],
  'provider-failed': ['server_error', null],
  'timed-out': ['server_error', null],
}

export function describeOpenaiModel({ id }: ListedModel): Json {
  return { id, object: 'model', created: 0, owned_by: 'mlrbench' }
}

export function listOpenaiModels(models: readonly ListedModel[]): Json {
  return { object: 'list', data: models.map(describeOpenaiModel) }
}
