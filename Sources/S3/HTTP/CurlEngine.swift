internal import CCurl
internal import SternaBase
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The one thread that moves bytes: it drives all transfers of a transport over one libcurl multi handle.
///
///     tasks --start, cancel--> inbox (lock) --wakeup--> [ I/O thread: multi, easy handles, transfers ]
///       ^                                                          |
///       '------------------- continuation resumed <----------------'
///
/// Invariant: everything but `inbox` belongs to the I/O thread; others only wake `multi`, which lives as
/// long as the engine, and the engine as long as the thread and the transport. Hence `@unchecked`.
final class CurlEngine: @unchecked Sendable {
  private struct Inbox {
    var commands: [Command] = []
    var isOpen = true
  }

  private enum Command {
    case start(CurlTransfer)
    case cancel(CurlTransfer)
  }

  /// A transfer that libcurl works on, and what must be given back when it is over.
  private struct Active {
    var transfer: CurlTransfer
    var headers: UnsafeMutablePointer<curl_slist>?
    var errorText: UnsafeMutablePointer<CChar>
  }

  private let inbox = Mutex(Inbox())
  private let multi: UnsafeMutableRawPointer
  private let settings: CurlSettings
  private let environment: Environment

  private var waiting: [CurlTransfer] = []
  private var active: [CurlHandle: Active] = [:]
  private var idleHandles: [CurlHandle] = []

  private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Nil when the machine lacks the memory or threads for it.
  init?(settings: CurlSettings, environment: Environment) {
    guard Self.isLibraryReady, let multi = curl_multi_init() else { return nil }
    self.settings = settings
    self.environment = environment
    self.multi = multi
    _ = sterna_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.connectionCountMax)
    guard startThread() else { return nil }
  }

  deinit { curl_multi_cleanup(multi) }

  // MARK: Called from any thread

  func start(_ transfer: CurlTransfer) {
    let isTaken = post(.start(transfer))
    if !isTaken { transfer.complete(.failure(Self.cancellation(mayHaveBeenApplied: false))) }
  }

  func cancel(_ transfer: CurlTransfer) { _ = post(.cancel(transfer)) }

  /// Ends the thread; transfers under way fail as cancelled.
  func stop() {
    inbox.withLock { $0.isOpen = false }
    curl_multi_wakeup(multi)
  }

  /// - Returns: false when the engine has been stopped.
  private func post(_ command: Command) -> Bool {
    let (isTaken, isFirst) = inbox.withLock { inbox in
      if inbox.isOpen { inbox.commands.append(command) }
      return (inbox.isOpen, inbox.commands.count == 1)
    }
    // A thread that has been woken takes all commands at once. Outside of the lock: it is a system call.
    if isTaken && isFirst { curl_multi_wakeup(multi) }
    return isTaken
  }

  // MARK: The I/O thread

  private func startThread() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      guard let context else { return nil }
      Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue().run()
      return nil
    }
    guard pthread_create(&thread, nil, body, context.toOpaque()) == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func run() {
    blockSignals()
    while takeCommands() {
      startWaiting()
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      collectFinished()
      let pause = abortOverdue()
      if waiting.isEmpty || active.count >= settings.connectionCountMax {
        curl_multi_poll(multi, nil, 0, pause, nil)
      }
    }
    shutDown()
  }

  /// Signals are handled by the user's threads; a write to a closed TLS connection must not raise SIGPIPE.
  private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  /// - Returns: false when the engine has been stopped.
  private func takeCommands() -> Bool {
    let (commands, isOpen) = inbox.withLock { inbox in
      defer { inbox.commands = [] }
      return (inbox.commands, inbox.isOpen)
    }
    for command in commands {
      switch command {
      case .start(let transfer) where transfer.isCancelled:
        transfer.complete(.failure(Self.cancellation(mayHaveBeenApplied: false)))
      case .start(let transfer): waiting.append(transfer)
      case .cancel(let transfer): cancelNow(transfer)
      }
    }
    return isOpen
  }

  private func cancelNow(_ transfer: CurlTransfer) {
    // The start of a transfer may come behind its cancellation.
    transfer.isCancelled = true
    if let index = waiting.firstIndex(where: { $0 === transfer }) {
      waiting.remove(at: index)
      transfer.complete(.failure(Self.cancellation(mayHaveBeenApplied: false)))
    } else if let handle = active.first(where: { $0.value.transfer === transfer })?.key {
      finish(handle, .failure(Self.cancellation(mayHaveBeenApplied: wasSent(handle))))
    }
  }

  private func startWaiting() {
    let count = min(max(settings.connectionCountMax - active.count, 0), waiting.count)
    for transfer in waiting.prefix(count) { begin(transfer) }
    waiting.removeFirst(count)
  }

  private func begin(_ transfer: CurlTransfer) {
    guard let handle = idleHandles.popLast() ?? curl_easy_init() else {
      transfer.complete(.failure(SternaError(.resourceLimit, "no memory for an HTTP transfer")))
      return
    }
    let headers = transfer.configure(handle)
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    _ = sterna_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    transfer.startNanoseconds = environment.monotonicNow()
    active[handle] = Active(transfer: transfer, headers: headers, errorText: errorText)
    let code = curl_multi_add_handle(multi, handle)
    if code != CURLM_OK {
      finish(
        handle, .failure(SternaError(.resourceLimit, "libcurl refused a transfer (code \(code.rawValue))")))
    }
  }

  private func collectFinished() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
      finish(handle, result(of: handle, message.pointee.data.result))
    }
  }

  private func result(of handle: CurlHandle, _ code: CURLcode) -> Result<HTTPResponse, SternaError> {
    guard let entry = active[handle] else { return .failure(Self.cancellation(mayHaveBeenApplied: true)) }
    let transfer = entry.transfer
    if let refusal = transfer.refusal {
      return .failure(refusal.with { $0.mayHaveBeenApplied = transfer.request.changesState })
    }
    if code == CURLE_OK || transfer.isCut { return .success(transfer.takeResponse()) }
    let words = String(cString: entry.errorText)
    return .failure(
      failure(handle, code, words.isEmpty ? String(cString: curl_easy_strerror(code)) : words))
  }

  private func failure(_ handle: CurlHandle, _ code: CURLcode, _ detail: String) -> SternaError {
    guard let transfer = active[handle]?.transfer else {
      return Self.cancellation(mayHaveBeenApplied: true)
    }
    let isWhole = transfer.uploadedByteCount == transfer.request.body.count
    return CurlFailure(
      code: code, endpoint: CurlFailure.endpoint(of: transfer.request.url), detail: detail,
      wasSent: wasSent(handle), canHaveEffect: isWhole && transfer.request.changesState
    ).error.with { $0.underlying = transfer.takeBrokenAnswer() }
  }

  private func wasSent(_ handle: CurlHandle) -> Bool {
    var byteCount = 0
    _ = sterna_curl_get_long(handle, CURLINFO_REQUEST_SIZE, &byteCount)
    return byteCount > 0
  }

  /// Gives up what has passed its deadline.
  /// - Returns: milliseconds until the next deadline, at most a second.
  private func abortOverdue() -> Int32 {
    let now = environment.monotonicNow()
    var pauseNanoseconds: Int64 = 1_000_000_000
    for (handle, entry) in active {
      let left = entry.transfer.deadlineNanoseconds - now
      if left > 0 {
        pauseNanoseconds = min(pauseNanoseconds, left)
      } else {
        let elapsed = (now - entry.transfer.startNanoseconds) / 1_000_000
        finish(
          handle,
          .failure(
            failure(handle, CURLE_OPERATION_TIMEDOUT, "the attempt took longer than \(elapsed) ms")))
      }
    }
    return Int32(pauseNanoseconds / 1_000_000) + 1
  }

  /// The only way out of `active`: takes the handle back, then resumes the task.
  private func finish(_ handle: CurlHandle, _ result: Result<HTTPResponse, SternaError>) {
    guard let entry = active.removeValue(forKey: handle) else { return }
    curl_multi_remove_handle(multi, handle)
    curl_easy_reset(handle)
    idleHandles.append(handle)
    curl_slist_free_all(entry.headers)
    entry.errorText.deallocate()
    entry.transfer.complete(result)
  }

  private func shutDown() {
    for handle in Array(active.keys) {
      finish(handle, .failure(Self.cancellation(mayHaveBeenApplied: wasSent(handle))))
    }
    for transfer in waiting {
      transfer.complete(.failure(Self.cancellation(mayHaveBeenApplied: false)))
    }
    idleHandles.forEach(curl_easy_cleanup)
  }

  static func cancellation(mayHaveBeenApplied: Bool) -> SternaError {
    SternaError(.cancelled, "the transfer was cancelled", mayHaveBeenApplied: mayHaveBeenApplied)
  }
}
