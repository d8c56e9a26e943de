/** What the fixture needs of pdfkit, which comes without types. */
declare module 'pdfkit' {
  import type { Readable } from 'node:stream'

  interface TextOptions {
    readonly align?: 'left' | 'center' | 'justify'
    readonly paragraphGap?: number
  }
  class PDFDocument extends Readable {
    constructor(options: {
      size: string
      margin: number
      compress: boolean
      info: { Title: string; CreationDate: Date; ModDate: Date }
    })
    font(name: string): this
    fontSize(points: number): this
    text(text: string, options?: TextOptions): this
    moveDown(lines?: number): this
    addPage(): this
    end(): void
  }
  export default PDFDocument
}
