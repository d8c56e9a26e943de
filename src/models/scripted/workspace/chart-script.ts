/** `chart.mjs` of the workspace: grouped bars with whiskers, as a PNG written with nothing but zlib. */
export const chartScript = String.raw`// Grouped bars with whiskers, drawn into a pixel buffer and written as PNG.
import { writeFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'

const width = 640
const height = 400
const plot = { left: 64, right: 620, top: 56, bottom: 372 }
const colours = { blue: [66, 114, 176], orange: [221, 132, 82], green: [85, 168, 104] }
export const colourNames = Object.keys(colours)
const ink = [60, 60, 60]
const grid = [225, 225, 225]

// A character, then its five rows of three pixels, each row as a three-bit number.
const font = '075557 126227 271747 371717 455711 574717 674757 771111 875757 975717 .00002 -00700 %51245 A25755 B65656 C34443 ' +
  'D65556 E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755 N65555 O25552 P65644 Q25563 R65655 S34216 T72222 ' +
  'U55557 V55552 W55775 X55255 Y55222 Z71247'
const glyphs = new Map(font.split(' ').map((entry) => [entry[0], [...entry.slice(1)].map(Number)]))

/** One group of bars for each condition; "bars" holds { mean, std } by condition, then by method. The axis starts at 0. */
export function drawBars(path, { metric, conditions, methods, bars }) {
  const pixels = Buffer.alloc(width * height * 3, 255)
  const tallest = Math.max(...bars.flat().map(({ mean, std }) => mean + std))
  const step = [0.02, 0.05, 0.1, 0.2, 0.5].find((size) => tallest / size <= 8) ?? 1
  const ceiling = Math.ceil(tallest / step) * step
  const toY = (value) => Math.round(plot.bottom - (value / ceiling) * (plot.bottom - plot.top))

  write(pixels, { x: plot.left, y: 8 }, metric)
  let legendX = plot.left
  methods.forEach((method, m) => {
    fill(pixels, { x: legendX, y: 28, w: 10, h: 10 }, colours[colourNames[m]])
    write(pixels, { x: legendX + 16, y: 28 }, method)
    legendX += 40 + method.length * 8
  })
  for (let tick = 0; tick <= Math.round(ceiling / step); tick++) {
    const y = toY(tick * step)
    fill(pixels, { x: plot.left, y, w: plot.right - plot.left, h: 1 }, tick === 0 ? ink : grid)
    write(pixels, { x: 18, y: y - 5 }, (tick * step).toFixed(2))
  }
  const groupWidth = (plot.right - plot.left) / conditions.length
  conditions.forEach((condition, c) => {
    const left = plot.left + groupWidth * c
    write(pixels, { x: Math.round(left + groupWidth / 2 - condition.length * 4), y: plot.bottom + 10 }, condition)
    const barWidth = Math.floor((groupWidth * 0.75) / methods.length)
    bars[c].forEach(({ mean, std }, m) => {
      const x = Math.round(left + groupWidth / 8 + m * barWidth)
      const [top, high, low] = [mean, mean + std, Math.max(0, mean - std)].map(toY)
      const middle = x + Math.floor(barWidth / 2) - 3
      fill(pixels, { x, y: top, w: barWidth - 4, h: plot.bottom - top }, colours[colourNames[m]])
      fill(pixels, { x: middle, y: high, w: 2, h: low - high }, ink)
      for (const y of [high, low]) fill(pixels, { x: middle - 6, y, w: 14, h: 2 }, ink)
    })
  })
  writeFileSync(path, encode(pixels))
}

function fill(pixels, { x, y, w, h }, colour) {
  for (let row = Math.max(0, y); row < Math.min(height, y + h); row++)
    for (let column = Math.max(0, x); column < Math.min(width, x + w); column++)
      pixels.set(colour, (row * width + column) * 3)
}

/** Characters are 8 pixels wide, gap included, and 10 high; unknown ones stay blank. */
function write(pixels, { x, y }, text) {
  ;[...text.toUpperCase()].forEach((character, i) =>
    glyphs.get(character)?.forEach((bits, row) => {
      for (let column = 0; column < 3; column++)
        if (bits & (4 >> column)) fill(pixels, { x: x + i * 8 + column * 2, y: y + row * 2, w: 2, h: 2 }, ink)
    }))
}

function encode(pixels) {
  const lines = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) pixels.copy(lines, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
`
