import type { Wire } from '../../schema/config.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import type { GatewayWire } from './gateway-wire.ts'
import { googleGenerateContent } from './google-generate-content.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'

export const gatewayWires = {
  'anthropic-messages': anthropicMessages,
  'openai-responses': openaiResponses,
  'openai-chat': openaiChat,
  'google-generate-content': googleGenerateContent,
} satisfies Record<Wire, GatewayWire>
