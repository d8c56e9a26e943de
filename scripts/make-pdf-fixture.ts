import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'

/** Writes the PDF that tests import, the same bytes every time: `node scripts/make-pdf-fixture.ts`. */
const target = join(import.meta.dirname, '../test/data/papers/counting-beans.pdf')
const written = new Date(Date.UTC(2025, 0, 1))

const document = new PDFDocument({
  size: 'A4',
  margin: 72,
  compress: false,
  info: { Title: 'Counting Beans', CreationDate: written, ModDate: written },
})
const bytes = buffer(document)

const heading = (text: string): void => void document.moveDown().font('Helvetica-Bold').fontSize(14).text(text)
const paragraph = (text: string): void =>
  void document.moveDown(0.5).font('Times-Roman').fontSize(11).text(text, { align: 'justify' })

document.font('Helvetica-Bold').fontSize(18).text('Counting Beans with Two Pointers', { align: 'center' })
heading('Abstract')
paragraph(
  'We count beans in a jar by sorting them into two heaps and comparing the heaps. On a jar of 1,200 beans the method is exact, and it takes 3.4 seconds where counting one by one takes 9.1 seconds.',
)
heading('1 Introduction')
paragraph(
  'Counting is old, and errors in counting are older. A counter loses her place about once in 400 beans. We ask whether a second pointer keeps the place for her.',
)
heading('2 Method')
paragraph(
  'Two pointers walk through the jar from both ends. Whenever they meet, the count is complete. No bean is counted twice, since the pointers never cross.',
)
document.addPage()
heading('3 Results')
paragraph('Accuracy was 0.998 for one pointer and 1.000 for two, over 25 jars.')
document.moveDown(0.5).font('Courier').fontSize(10)
for (const row of [
  'Method        Accuracy   Seconds',
  'One pointer      0.998       9.1',
  'Two pointers     1.000       3.4',
])
  document.text(row)
heading('4 Conclusion')
paragraph('A second pointer is worth its price. Jars with lids remain for future work.')
document.end()

writeFileSync(target, await bytes)
