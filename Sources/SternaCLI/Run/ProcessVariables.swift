#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The variables of the process that the command line itself looks at.
enum ProcessVariables {
  /// The store of commands that are given none.
  static var store: String? { value("STERNA_STORE") }
  /// https://no-color.org: present and not empty, whatever its value.
  static var forbidsColor: Bool { value("NO_COLOR") != nil }
  static var isDumbTerminal: Bool { value("TERM") == "dumb" }

  /// Nil also for a variable that is set to nothing.
  private static func value(_ name: String) -> String? {
    guard let raw = getenv(name), raw.pointee != 0 else { return nil }
    return String(cString: raw)
  }
}
