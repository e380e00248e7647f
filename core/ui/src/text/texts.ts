import { useTexts } from '@bitcartcc/sdk/vue'

/** Texts of core, in the reader's language. */
export const t = useTexts('core')
