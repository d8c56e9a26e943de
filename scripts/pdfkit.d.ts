/** What the fixture and tests need of pdfkit, which comes without types. */
declare module 'pdfkit' {
  import type { Readable } from 'node:stream'

  interface TextOptions {
    readonly align?: 'left' | 'center' | 'justify'
    readonly paragraphGap?: number
  }
  class PDFDocument extends Readable {
    constructor(options?: {
      size?: string
      margin?: number
      compress?: boolean
      userPassword?: string
      info?: { Title: string; CreationDate: Date; ModDate: Date }
    })
    rect(x: number, y: number, width: number, height: number): this
    fill(color: string): this
    font(name: string): this
    fontSize(points: number): this
    text(text: string, options?: TextOptions): this
    moveDown(lines?: number): this
    addPage(): this
    end(): void
  }
  export default PDFDocument
}
