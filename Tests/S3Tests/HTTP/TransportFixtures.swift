import SternaBase

@testable import S3

/// Settings for servers on loopback. Time is generous: on a busy machine the scripted server may have to
/// wait for its turn, and a test that is about a time limit sets its own.
let testSettings: CurlSettings = {
  var settings = CurlSettings()
  settings.allowsPlainHTTP = true
  settings.lowSpeedSeconds = 120
  settings.idleConnectionSeconds = 600
  settings.connectTimeoutMilliseconds = 60_000
  settings.attemptTimeout.baseMilliseconds = 120_000
  return settings
}()

func makeTransport() -> CurlTransport { CurlTransport(settings: testSettings) }

/// The `SternaError` that an operation throws; nil when it throws none.
func failure<Value>(_ operation: () async throws -> Value) async -> SternaError? {
  do {
    _ = try await operation()
    return nil
  } catch {
    return error as? SternaError
  }
}

/// Waits until something becomes true that another thread brings about; false after 5 seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<500 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return condition()
}
