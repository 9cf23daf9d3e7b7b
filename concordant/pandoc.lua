-- Run by `pandoc lua`: answers requests, one after another, until there are no more.
-- A request is a line with what to do and how many bytes follow, and those bytes. An answer is a line with "true" or
-- "false" and two lengths, then pandoc's messages (or what is wrong) as JSON, then the output.

local sandbox = {} -- readers see no files, since none is named here
local writer_options = {
  html_math_method = 'mathml',
  section_divs = true,
  wrap_text = 'none',
  highlight_method = 'none',
}

local convert = {}

function convert.json(text, form)
  return pandoc.write(pandoc.read(text, form, pandoc.ReaderOptions{}, sandbox), 'json')
end

function convert.html5(text, form)
  local document = pandoc.read(text, form, pandoc.ReaderOptions{}, sandbox)
  return pandoc.write(document, 'html5', pandoc.WriterOptions(writer_options)) .. '\n'
end

for line in io.lines() do
  local to, form, length = line:match('^(%S+) (%S+) (%d+)$')
  local text = length == '0' and '' or io.read(tonumber(length)) -- of nothing, it would wait for more
  local good, messages, output = pcall(pandoc.log.silence, convert[to], text, form)
  local said = pandoc.json.encode(good and messages or tostring(messages))
  output = good and output or ''
  io.write(tostring(good), ' ', #said, ' ', #output, '\n', said, output)
  io.flush()
end
