import Columnar
import Sterna
import TextFormats

/// Prints frames to stdout in the chosen format.
struct FrameOutput {
  let format: OutputFormat

  /// A table without limits in its rows.
  private static func renderer() -> TableRenderer {
    TableRenderer(maximumWidth: Terminal.standardOutput.width, maximumRowCount: nil)
  }

  /// All rows of a frame.
  /// - Parameter hasNames: the texts are names that somebody may want to copy, so none is cut.
  func print(_ frame: DataFrame, hasNames: Bool = false) async throws {
    guard var writer = format.makeWriter(frame.schema) else {
      var renderer = Self.renderer()
      if hasNames { renderer.maximumCellWidth = .max }
      return try await StandardOutput.write(renderer.render(frame))
    }
    var output = StandardOutput()
    try await output.append { output in
      writer.write(frame, into: &output)
      writer.finish(into: &output)
    }
    try await output.flush()
  }

  /// The first and last rows of something longer, as a table.
  static func printTable(head: DataFrame, tail: DataFrame, omittedRowCount: Int) async throws {
    try await StandardOutput.write(
      renderer().render(head: head, tail: tail, omittedRowCount: omittedRowCount))
  }

  /// Frames as they come, in bounded memory. Not for tables.
  static func stream(_ frames: FrameSequence, by writer: any FrameWriter) async throws {
    var writer = writer
    var output = StandardOutput()
    for try await frame in frames {
      // A slice of 100,000 rows becomes many megabytes of text: it is written as it grows.
      for start in stride(from: 0, to: frame.rowCount, by: rowCountPerStep) {
        try Task.checkCancellation()
        let part = frame.slice(start..<min(start + rowCountPerStep, frame.rowCount))
        try await output.append { writer.write(part, into: &$0) }
      }
    }
    try await output.append { writer.finish(into: &$0) }
    try await output.flush()
  }

  private static let rowCountPerStep = 8_192
}
