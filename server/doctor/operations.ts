import { Type } from 'typebox'
import { operation } from '../admin/operation.ts'
import { doctor } from './doctor.ts'

/** The examination, from inside a running server. */
export const doctorOperations = {
  doctor: operation(Type.Object({}, { additionalProperties: false }), (context) => doctor(context)),
} as const
