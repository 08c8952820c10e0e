// Before each test file: properties begin with the same seed, so that what is noticed today is noticed tomorrow, and stop at
// the first input that fails.
import fc from 'fast-check'

fc.configureGlobal({ seed: 20_260_101, endOnFailure: true })
