import { expect, test } from 'vitest'
import { refusedCsv } from '../admin/refused-csv.ts'
import { textOf } from '../admin/read-file.ts'
import { readProducts } from '../api/read-products.ts'

test('refused rows come back as a file that can be mended and imported again', async () => {
  const shop = { id: 'shop', currency: 'USD' }
  const { headerText, refused } = await readProducts(
    'name;price\n"Mug; ""big""\nred";x\nPlate;1',
    shop,
  )
  const file = refusedCsv(headerText, refused)
  expect(file).toBe(
    'line;reason;name;price\r\n2;"price “x” is not a plain number such as 21.50";"Mug; ""big""\nred";x\r\n',
  )
  const again = await readProducts(file.replace(';x\r\n', ';5\r\n'), shop)
  expect(again.products.map((product) => [product.name, product.price])).toEqual([
    ['Mug; "big"\nred', '5'],
  ])
})

test('a file that is not UTF-8 is refused in words', () => {
  const text = 'name,price\nKäse,1'
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer),
  ])
  expect(
    [
      new TextEncoder().encode(text),
      utf16,
      Buffer.from(text, 'latin1'),
      Buffer.from('PK\u0003\u0004'),
    ].map(textOf),
  ).toEqual([
    { ok: true, text },
    { ok: true, text },
    { ok: false, says: 'The file is not UTF-8. Save the table as “CSV UTF-8”.' },
    {
      ok: false,
      says: 'This is a spreadsheet or an archive, not a CSV file. Save the table as “CSV UTF-8”.',
    },
  ])
})
