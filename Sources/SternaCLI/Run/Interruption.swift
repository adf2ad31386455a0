import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns SIGINT and SIGTERM into a cancellation. A second signal ends the program at once.
///
/// That leaves nothing half-written either: a version exists only when its one conditional write has been
/// done.
struct Interruption {
  private let first = FirstSignal()
  /// A source that nobody holds hears nothing.
  private let sources: [any DispatchSourceSignal]

  init(_ cancel: @escaping @Sendable () -> Void) {
    // A write to a closed pipe or connection then is an error like any other.
    signal(SIGPIPE, SIG_IGN)
    let first = first
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { @Sendable in
        guard first.note(number) else { _exit(128 + number) }
        cancel()
      }
      source.activate()
      return source
    }
  }

  /// A command that ended because of the signal says so; one that was done before is a success.
  func exitCode(of status: ExitStatus) -> Int32 {
    guard status == .interrupted, let number = first.number else { return status.rawValue }
    return 128 + number
  }

  private final class FirstSignal: Sendable {
    private let state = Mutex<Int32?>(nil)

    var number: Int32? { state.withLock { $0 } }

    /// - Returns: false when there was one before.
    func note(_ number: Int32) -> Bool {
      state.withLock { state in
        guard state == nil else { return false }
        state = number
        return true
      }
    }
  }
}
