# Reads one results file (trx) of a test assembly; prints, by the variable `show`:
#   counts    "passed failed skipped"
#   failures  each failed test with its message and the top of its stack
#   skips     each skipped test with its reason
# A result is the text from one "<UnitTestResult " to the next; its attributes end at the first ">".
BEGIN { RS = "<UnitTestResult " }
NR == 1 { next }
{
  head = substr($0, 1, index($0, ">"))
  outcome = between(head, "outcome=\"", "\"")
  if (outcome == "Passed") passed++
  else if (outcome == "NotExecuted") skipped++
  else failed++
  test = between(head, "testName=\"", "\"")
  body = outcome == "Passed" ? "" : substr($0, 1, index($0, "</UnitTestResult>"))
  message = between(body, "<Message>", "<")
  if (show == "failures" && outcome != "Passed" && outcome != "NotExecuted") {
    print "failed: " plain(test)
    print "    " plain(message)
    n = split(between(body, "<StackTrace>", "<"), lines, "\n")
    for (i = 1; i <= n && i <= 4; i++) print plain(lines[i])
  }
  if (show == "skips" && outcome == "NotExecuted") {
    if (message == "") message = between(body, "<StdOut>", "<")
    if (message == "") message = "no reason given"
    print plain(test) ": " plain(message)
  }
}
END { if (show == "counts") print passed + 0, failed + 0, skipped + 0 }

function between(text, from, to,    at, rest) {
  at = index(text, from)
  if (at == 0) return ""
  rest = substr(text, at + length(from))
  return substr(rest, 1, index(rest, to) - 1)
}

function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
  gsub(/&#xD;/, "", text); gsub(/&#xA;/, " ", text); gsub(/&amp;/, "\\&", text)
  return text
}
