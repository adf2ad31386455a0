import Logging

/// The library's warnings, as messages on stderr.
struct MessageLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.warning

  static let logger = Logger(label: "sterna") { _ in MessageLog() }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level = event.level >= .error ? "error" : "warning"
    let color = event.level >= .error ? TextColor.red : .yellow
    Messages.write(
      "sterna: \(color.paint("\(level):", Terminal.standardError.isColored)) \(event.message)")
  }
}
