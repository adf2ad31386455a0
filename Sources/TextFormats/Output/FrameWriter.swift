import Columnar

/// Turns frames of one schema into text, frame by frame.
///
///     var writer = CSVWriter(schema: schema)
///     for frame in frames { writer.write(frame, into: &output) }     // flush `output` as it grows
///     writer.finish(into: &output)
///
/// - Precondition: every frame has the schema that the writer was made with.
package protocol FrameWriter {
  /// Appends the text of the frame's rows, and of whatever comes before the first row.
  mutating func write(_ frame: DataFrame, into output: inout [UInt8])
  /// Appends what comes behind the last row. Call once, also when there was no row.
  mutating func finish(into output: inout [UInt8])
}

extension FrameWriter {
  /// The whole text of one frame.
  package static func text(of frame: DataFrame, by writer: Self) -> [UInt8] {
    var writer = writer
    var output: [UInt8] = []
    writer.write(frame, into: &output)
    writer.finish(into: &output)
    return output
  }
}
