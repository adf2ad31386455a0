import Sterna
import Testing

@testable import SternaCLI

@Suite struct ErrorTextTests {
  @Test("An error is its message, then its context, then what to do")
  func lines() {
    var error = SternaError(.accessDenied, "the server refused", advice: "Ask for a key.", key: "a/b")
    error.httpStatus = 403
    error.providerCode = "AccessDenied"
    error.requestID = "r1"
    error.attempts = 3
    #expect(
      ErrorText(error).lines(isColored: false) == """
        sterna: error: the server refused
          key: a/b, status: 403, code: AccessDenied, request: r1, attempts: 3
          Ask for a key.
        """)
  }

  @Test("What is not known is not mentioned")
  func bareError() {
    #expect(
      ErrorText(SternaError(.corrupt, "it is broken")).lines(isColored: false)
        == "sterna: error: it is broken")
  }

  @Test("Colour is an escape around one word, and only where it is wanted")
  func color() {
    #expect(ErrorText.headline("x", isColored: true) == "sterna: \u{1B}[31merror:\u{1B}[0m x")
    #expect(!ErrorText.headline("x", isColored: false).contains("\u{1B}"))
  }
}
