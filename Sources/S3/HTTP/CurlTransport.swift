package import SternaBase
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// HTTP over libcurl. Owns the I/O thread, which ends when the last reference to the transport goes.
///
/// Creating one starts nothing: the thread begins with the first request. Any number of tasks may call
/// `send`; cancelling a task aborts its transfer and closes the connection.
package final class CurlTransport: HTTPTransport {
  private let settings: CurlSettings
  private let environment: Environment
  /// Nil before the first request.
  private let engine = Mutex<CurlEngine?>(nil)
  /// Threads and connections do not survive a `fork`: a child must not touch its parent's.
  private let processID = getpid()

  package init(settings: CurlSettings = CurlSettings(), environment: Environment = .live) {
    self.settings = settings
    self.environment = environment
  }

  deinit {
    if getpid() == processID { engine.withLock { $0?.stop() } }
  }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let engine = try usableEngine()
    try Self.check(request)
    let pending = PendingTransfer()
    return try await withTaskCancellationHandler {
      try await withCheckedContinuation { continuation in
        let transfer = CurlTransfer(request, settings: settings) { continuation.resume(returning: $0) }
        // A cancellation from here on reaches the engine before or behind the start; both end the transfer.
        if pending.set(transfer) == .goesOn {
          engine.start(transfer)
        } else {
          transfer.complete(.failure(CurlEngine.cancellation(mayHaveBeenApplied: false)))
        }
      }.get()
    } onCancel: {
      if let transfer = pending.cancel() { engine.cancel(transfer) }
    }
  }

  private func usableEngine() throws(SternaError) -> CurlEngine {
    guard getpid() == processID else {
      throw SternaError(
        .unsupported, "this connection pool belongs to the parent process",
        advice: "Open the store again in the child process, after fork.")
    }
    let usable = engine.withLock { engine in
      engine = engine ?? CurlEngine(settings: settings, environment: environment)
      return engine
    }
    guard let usable else {
      throw SternaError(
        .resourceLimit, "the network thread could not be started",
        advice: "Raise the limits of threads and memory of this process.")
    }
    return usable
  }

  /// A line end in a header would let a value add headers of its own.
  private static func check(_ request: HTTPRequest) throws(SternaError) {
    let isControl: (UInt8) -> Bool = { $0 < 0x20 && $0 != 0x09 }
    let texts = [request.url] + request.headers.flatMap { [$0.name, $0.value] }
    guard !texts.contains(where: { $0.utf8.contains(where: isControl) }) else {
      throw SternaError(.invalidArgument, "the request's URL or headers hold a control character")
    }
  }
}
