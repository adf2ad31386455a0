import Columnar
import Sterna

/// One thing that `doctor` looked at, and what it found.
struct Check: Hashable {
  enum Status: String {
    case ok, warn, fail
  }

  let name: String
  let status: Status
  let detail: String
  /// What to do about it, as a full sentence.
  let advice: String?
  /// What the program ends with when this is the first check that failed.
  let exitStatus: ExitStatus

  init(
    _ name: String, _ status: Status, _ detail: String, advice: String? = nil,
    exitStatus: ExitStatus = .problemsFound
  ) {
    self.name = name
    self.status = status
    self.detail = detail
    self.advice = advice
    self.exitStatus = exitStatus
  }

  init(_ name: String, failedWith error: SternaError) {
    let context = ErrorText(error).context.map { " (\($0))" } ?? ""
    self.init(
      name, .fail, error.message + context, advice: error.advice, exitStatus: ExitStatus(error.code))
  }

  private static let statusWidth = 6
  private static let nameWidth = 20

  ///     ok    credentials         environment
  func lines(isColored: Bool) -> String {
    let color: TextColor =
      switch status {
      case .ok: .green
      case .warn: .yellow
      case .fail: .red
      }
    let word = color.paint(status.rawValue, isColored)
    let line =
      word + Self.padding(Self.statusWidth - status.rawValue.count) + name
      + Self.padding(Self.nameWidth - name.count) + detail + "\n"
    guard let advice else { return line }
    return line + Self.padding(Self.statusWidth + Self.nameWidth) + advice + "\n"
  }

  private static func padding(_ count: Int) -> String { String(repeating: " ", count: max(1, count)) }

  static func frame(_ checks: [Check]) throws(SternaError) -> DataFrame {
    try DataFrame([
      ("check", .strings(checks.map(\.name))), ("status", .strings(checks.map(\.status.rawValue))),
      ("detail", .strings(checks.map(\.detail))), ("advice", .strings(checks.map(\.advice))),
    ])
  }
}
