import { expect, test } from 'vitest'
import { maxRows, readProducts } from '../api/read-products.ts'

const shop = { id: 'shop', currency: 'USD' }
const mug = {
  storeId: 'shop',
  name: 'Mug',
  price: '12.50',
  stock: null,
  category: '',
  description: '',
  status: 'active',
}

/** What of a file a person sees: good products, refused rows, and why nothing can be imported. */
async function outcome(text: string, store = shop) {
  const { products, refused, problems } = await readProducts(text, store)
  return { products, refused: refused.map(({ line, reason }) => `${line}: ${reason}`), problems }
}

test('columns stand in any order and case, semicolons, quotes, line ends in cells and a BOM are read', async () => {
  const text =
    '\uFEFFStock;NAME;Price;Description;status\r\n3;"Mug; ""large""";12.50;"Holds\r\ntea";Hidden\r\n\r\n;Plate;9;;\r\n'
  expect(await outcome(text)).toEqual({
    products: [
      { ...mug, name: 'Mug; "large"', stock: 3, description: 'Holds\r\ntea', status: 'hidden' },
      { ...mug, name: 'Plate', price: '9' },
    ],
    refused: [],
    problems: [],
  })
})

test('every refused row is reported with the line it starts on and all that is wrong with it', async () => {
  const text = [
    'name,price,stock,status',
    '"Two',
    'lines",1,,',
    ',"12,50",-1,gone',
    'Mug,12.505,1.5,',
    'Mug,12.50,,,',
    'Mug \uFFFD,12.500,,',
    'Mug\u0007,1e3,1000000001,',
    `${'x'.repeat(201)},012,,`,
    'Mug,12.50,,',
  ].join('\n')
  expect(await outcome(text)).toEqual({
    products: [{ ...mug, name: 'Two\nlines', price: '1' }, mug],
    refused: [
      '4: name is empty; price “12,50” is not a plain number such as 12.50; stock “-1” is not a whole number from 0 to 1000000000; leave it empty where stock is not counted; status “gone” is neither active nor hidden',
      '5: price “12.505” has more than 2 digits after the point, and USD has no smaller unit; stock “1.5” is not a whole number from 0 to 1000000000; leave it empty where stock is not counted',
      '6: has 5 cells, the first row has 4',
      '7: holds a character that could not be read: save the file as UTF-8',
      '8: holds a control character; price “1e3” is not a plain number such as 21.50; stock “1000000001” is not a whole number from 0 to 1000000000; leave it empty where stock is not counted',
      '9: name has 201 characters, at most 200 fit; price “012” is not a plain number such as 21.50',
    ],
    problems: [],
  })
})

test('a broken quote costs its own row and no other', async () => {
  const text = 'name,price\nMug,12.50\n5" screen,1\n"Mug"s,1\nMug,12.50\n"open,1\nMug,12.50'
  expect(await outcome(text)).toEqual({
    products: [mug, mug, mug],
    refused: [
      '3: a quote stands inside a cell that is not quoted',
      '4: a quote inside a quoted cell must be written twice',
      '6: a quote is opened and never closed',
    ],
    problems: [],
  })
})

test('a currency without a smaller unit takes whole prices', async () => {
  expect(
    await outcome('name,price\nMug,12.50\nMug,12.00', { id: 'shop', currency: 'JPY' }),
  ).toEqual({
    products: [{ ...mug, price: '12.00' }],
    refused: ['2: price “12.50” is not whole, and JPY has no smaller unit'],
    problems: [],
  })
})

test('where nothing of a file can be imported, it says why', async () => {
  const texts = [
    '',
    '\r\n \n',
    'name,price\n\n',
    'title,cost\nMug,1',
    'name,price,Price\nMug,1,2',
    '"name,price\nMug,1',
    `name,price\n${'Mug,1\n'.repeat(maxRows + 1)}`,
    `name,price\n${'"Mug,1\n'.repeat(maxRows)}`,
  ]
  expect(
    await Promise.all(texts.map(async (text) => (await readProducts(text, shop)).problems)),
  ).toEqual([
    ['The file is empty.'],
    ['The file is empty.'],
    ['The file names its columns and has no rows below them.'],
    [
      'The first row must name the columns, and it names no name and no price. Known columns: name, price, stock, category, description, status.',
    ],
    ['The column price stands twice, as column 2 and as column 3. Remove one of them.'],
    ['Line 1: a quote is opened and never closed.'],
    ['The file has more than 20000 rows. Split it into several files.'],
    ['More than 1000 rows cannot be read as CSV. Check that the file is a CSV file.'],
  ])
})
