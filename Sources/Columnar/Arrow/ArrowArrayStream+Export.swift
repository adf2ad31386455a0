import CArrow
import SternaBase

extension ArrowArrayStream {
  /// A stream of frames with one schema, pulled by the consumer; a failure ends it.
  ///
  /// - Parameter next: the next frame, or nil at the end. May block; called by one thread at a time.
  package init(
    exporting schema: Schema, next: @escaping @Sendable () -> Result<DataFrame?, SternaError>
  ) {
    self.init()
    get_schema = { stream, out in
      guard let state = ExportedStream.of(stream), let out else { return ExportedStream.invalid }
      out.initialize(to: ArrowSchema(exporting: state.schema))
      return 0
    }
    get_next = { stream, out in
      guard let state = ExportedStream.of(stream), let out else { return ExportedStream.invalid }
      return state.pull(into: out)
    }
    get_last_error = { stream in ExportedStream.of(stream)?.lastError }
    release = { stream in
      guard let stream, stream.pointee.release != nil else { return }
      stream.pointee.release = nil
      if let pointer = stream.pointee.private_data {
        Unmanaged<ExportedStream>.fromOpaque(pointer).release()
      }
    }
    private_data = Unmanaged.passRetained(ExportedStream(schema: schema, next: next)).toOpaque()
  }

  /// A stream of one frame.
  package init(exporting frame: DataFrame) {
    let rest = RemainingFrame(frame)
    self.init(exporting: frame.schema) { .success(rest.take()) }
  }
}

/// The state behind an exported stream. The interface has one consumer at a time, hence no lock.
private final class ExportedStream {
  static let invalid: Int32 = 22
  private static let failed: Int32 = 5

  let schema: Schema
  private let next: @Sendable () -> Result<DataFrame?, SternaError>
  private var messageMemory: UnsafeMutablePointer<CChar>?

  init(schema: Schema, next: @escaping @Sendable () -> Result<DataFrame?, SternaError>) {
    self.schema = schema
    self.next = next
  }

  deinit { messageMemory?.deallocate() }

  /// Nil before the first failure; lives until the stream is released.
  var lastError: UnsafePointer<CChar>? { messageMemory.map { UnsafePointer($0) } }

  static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> ExportedStream? {
    guard let pointer = stream?.pointee.private_data else { return nil }
    return Unmanaged<ExportedStream>.fromOpaque(pointer).takeUnretainedValue()
  }

  func pull(into out: UnsafeMutablePointer<ArrowArray>) -> Int32 {
    switch next() {
    case .success(let frame):
      out.initialize(to: frame.map { ArrowArray(exporting: $0) } ?? ArrowArray())
      return 0
    case .failure(let error):
      let text = error.description.utf8CString
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
      for (position, byte) in text.enumerated() { memory[position] = byte }
      messageMemory?.deallocate()
      messageMemory = memory
      return Self.failed
    }
  }
}

/// A frame that is given out once. Used by one consumer at a time.
private final class RemainingFrame: @unchecked Sendable {
  private var frame: DataFrame?
  init(_ frame: DataFrame) { self.frame = frame }

  func take() -> DataFrame? {
    defer { frame = nil }
    return frame
  }
}
