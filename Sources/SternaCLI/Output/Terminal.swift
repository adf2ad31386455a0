#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where one of our two outputs leads.
struct Terminal {
  let descriptor: Int32

  static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  static let standardError = Terminal(descriptor: STDERR_FILENO)

  /// Whether a person looks at it; otherwise it is a file or a pipe.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Colours are for people only, and only for those who have not asked to be spared.
  var isColored: Bool { isTerminal && !ProcessVariables.forbidsColor && !ProcessVariables.isDumbTerminal }

  /// Columns, or nil where there is no terminal or it does not say.
  var width: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// A colour of terminals (ECMA-48).
enum TextColor: Int {
  case red = 31
  case green = 32
  case yellow = 33

  func paint(_ text: String, _ isColored: Bool) -> String {
    isColored ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
