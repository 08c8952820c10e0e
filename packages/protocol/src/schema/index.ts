// The wire as documents: JSON Schemas, an AsyncAPI document, and what changed between two versions of either.
export { type AsyncApiDocument, asyncApi } from './asyncApi'
export { diffSchemas, type SchemaChange } from './diff/diffSchemas'
export { type JsonSchema, jsonSchemas } from './jsonSchemas'
