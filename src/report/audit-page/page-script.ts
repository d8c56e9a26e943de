/** What the audit's page does: shows where a number comes from, and steps through the numbers that findings are about. */
export const pageScript = `
'use strict'
const claims = JSON.parse(document.getElementById('claims').textContent)
const panel = document.getElementById('claim')
const add = (parent, name, text, className) => {
  const element = document.createElement(name)
  if (text !== undefined) element.textContent = text
  if (className !== undefined) element.className = className
  parent.append(element)
  return element
}
const show = (id) => {
  const claim = claims[id]
  if (claim === undefined) return
  for (const other of document.querySelectorAll('.current')) other.classList.remove('current')
  document.getElementById('n' + id)?.classList.add('current')
  panel.replaceChildren()
  add(panel, 'h2', claim.text)
  add(panel, 'p', claim.status + ': ' + claim.meaning, 'status ' + claim.status)
  add(panel, 'p', claim.label)
  add(add(panel, 'p'), 'code', claim.place)
  if (claim.collision !== null)
    add(panel, 'p', 'Chance of meeting such a number by accident: ' + Math.round(100 * claim.collision) + ' %')
  const places = add(panel, 'ul')
  for (const { role, place, quote } of claim.evidence) {
    const entry = add(places, 'li', role + ' ')
    add(entry, 'code', place)
    add(entry, 'q', quote)
  }
  for (const { id: finding, severity, message } of claim.findings) {
    const line = add(panel, 'p', undefined, severity)
    const link = add(line, 'a', severity)
    link.href = '#f' + finding
    line.append(': ' + message)
  }
  history.replaceState(null, '', '#n' + id)
}
document.addEventListener('click', (event) => {
  const id = event.target.closest('[data-claim]')?.dataset.claim
  if (id === undefined) return
  show(Number(id))
  if (event.target.tagName === 'A') document.getElementById('n' + id)?.scrollIntoView({ block: 'center' })
})
const flagged = [...document.querySelectorAll('button.flagged')]
let at = -1
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || flagged.length === 0) return
  if (event.key !== 'n' && event.key !== 'p') return
  at = (at + (event.key === 'n' ? 1 : flagged.length - 1 + (at < 0 ? 1 : 0))) % flagged.length
  const next = flagged[at]
  next.scrollIntoView({ block: 'center' })
  next.focus()
  show(Number(next.dataset.claim))
})
const linked = /^#n([0-9]+)$/.exec(location.hash)
if (linked !== null) {
  show(Number(linked[1]))
  document.getElementById('n' + linked[1])?.scrollIntoView({ block: 'center' })
}
`
