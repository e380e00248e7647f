import { expect, test } from 'vitest'
import type { Plan } from '../model/plan.ts'
import { sourceOf } from './source.ts'
import {
  appModule,
  commandsModule,
  hooksModule,
  localeFiles,
  paymentsModule,
  ratesModule,
} from './wiring.ts'

test('a payment method reaches the server, and its components the apps that show them', () => {
  const plan = {
    methods: [
      {
        plugin: 'big-bank',
        name: 'transfer',
        title: "The bank's transfer",
        file: './payments/transfer.ts',
        checkout: './store/TransferCheckout.vue',
        account: './admin/TransferAccount.vue',
      },
      { plugin: 'ledger', name: 'credit', title: 'Credit', file: './credit.ts' },
    ],
    pages: [],
    fills: [],
    locales: [],
  } as unknown as Plan // what these modules read of it
  const body = (text: string) => text.split('\n').slice(1).join('\n')
  expect(body(sourceOf(paymentsModule(plan))))
    .toBe(`import type { PaymentWiring } from '@bitcartcc/sdk/wiring'
import bigBankTransfer from '../plugins/big-bank/payments/transfer.ts'
import ledgerCredit from '../plugins/ledger/credit.ts'
export const payments: PaymentWiring = {
  methods: [
    { plugin: 'big-bank', name: 'transfer', title: 'The bank\\'s transfer', method: bigBankTransfer },
    { plugin: 'ledger', name: 'credit', title: 'Credit', method: ledgerCredit },
  ],
}
`)
  expect(body(sourceOf(appModule(plan, 'admin'))))
    .toBe(`import type { AdminWiring } from '@bitcartcc/sdk/wiring'
import { methodAccount } from '@bitcartcc/sdk/wiring'
export const admin: AdminWiring = {
  pages: [],
  fills: [],
  accounts: [
    methodAccount('big-bank', 'big-bank.transfer', () => import('../plugins/big-bank/admin/TransferAccount.vue')),
  ],
  locales: [],
}
`)
  expect(body(sourceOf(appModule(plan, 'store'))))
    .toBe(`import type { StoreWiring } from '@bitcartcc/sdk/wiring'
import { methodCheckout } from '@bitcartcc/sdk/wiring'
export const store: StoreWiring = {
  pages: [],
  fills: [],
  checkouts: [
    methodCheckout('big-bank', 'big-bank.transfer', () => import('../plugins/big-bank/store/TransferCheckout.vue')),
  ],
  locales: [],
}
`)
})

test('providers of rates are asked in the order that they stand in', () => {
  const plan = {
    providers: [
      { plugin: 'rates', name: 'kraken', title: 'Kraken', file: './rates/kraken.ts' },
      { plugin: 'rates', name: 'coingecko', title: 'CoinGecko', file: './rates/coingecko.ts' },
    ],
  } as unknown as Plan // what the module reads of it
  expect(sourceOf(ratesModule(plan)).split('\n').slice(1).join('\n'))
    .toBe(`import type { RatesWiring } from '@bitcartcc/sdk/wiring'
import ratesKraken from '../plugins/rates/rates/kraken.ts'
import ratesCoingecko from '../plugins/rates/rates/coingecko.ts'
export const rates: RatesWiring = {
  providers: [
    { plugin: 'rates', name: 'kraken', title: 'Kraken', provider: ratesKraken },
    { plugin: 'rates', name: 'coingecko', title: 'CoinGecko', provider: ratesCoingecko },
  ],
}
`)
})

test('commands and hooks reach the server', () => {
  const plan = {
    commands: [{ plugin: 'ledger', name: 'close', title: 'Closes it', file: './cli/close.ts' }],
    hooks: [{ plugin: 'ledger', hook: 'checkout.starting', file: './api/limit.ts' }],
  } as unknown as Plan // what these modules read of it
  const texts = [commandsModule(plan), hooksModule(plan)].map((module) =>
    sourceOf(module).split('\n').slice(1).join('\n'),
  )
  expect(texts.join('')).toBe(`import type { CommandsWiring } from '@bitcartcc/sdk/wiring'
import ledgerClose from '../plugins/ledger/cli/close.ts'
export const commands: CommandsWiring = {
  commands: [
    { plugin: 'ledger', name: 'close', title: 'Closes it', command: ledgerClose },
  ],
}
import type { HooksWiring } from '@bitcartcc/sdk/wiring'
import ledgerLimit from '../plugins/ledger/api/limit.ts'
export const hooks: HooksWiring = {
  hooks: [
    { plugin: 'ledger', hook: ledgerLimit },
  ],
}
`)
})

test('texts in another language are a file for each app and owner, which the app loads where it shows them', () => {
  const plan = {
    methods: [],
    pages: [],
    fills: [],
    locales: [
      {
        app: 'store',
        language: 'pt-BR',
        owner: 'ratings',
        from: ['ratings'],
        texts: { '{count} stars': { one: '{count} estrela', other: '{count} estrelas' } },
      },
    ],
  } as unknown as Plan // what these modules read of it
  expect(localeFiles(plan)).toEqual([
    [
      'store/locales/pt-BR/ratings.json',
      `{
  "{count} stars": {
    "one": "{count} estrela",
    "other": "{count} estrelas"
  }
}
`,
    ],
  ])
  expect(sourceOf(appModule(plan, 'store')).split('\n').slice(1).join('\n'))
    .toBe(`import type { StoreWiring } from '@bitcartcc/sdk/wiring'
export const store: StoreWiring = {
  pages: [],
  fills: [],
  checkouts: [],
  locales: [
    { language: 'pt-BR', owner: 'ratings', load: () => import('../store/locales/pt-BR/ratings.json') },
  ],
}
`)
})
