import Sterna
import SternaBase

extension StoreOptions {
  init(_ pointer: UnsafePointer<CChar>?) throws(SternaError) {
    var options = try Options(pointer)
    self.init()
    logger = MessageQueue.logger
    endpoint = try options.text("endpoint")
    region = try options.text("region")
    profile = try options.text("profile")
    accessKeyID = try options.text("access_key_id")
    secretAccessKey = try options.text("secret_access_key")
    sessionToken = try options.text("session_token")
    certificateAuthorityFile = try options.text("ca_bundle")
    addressing = try options.choice("addressing", of: Addressing.self) ?? addressing
    allowsPlainHTTP = try options.flag("allow_http") ?? allowsPlainHTTP
    allowsSingleWriter = try options.flag("single_writer") ?? allowsSingleWriter
    requestsInFlightMax = max(1, try options.count("max_in_flight") ?? requestsInFlightMax)
    rowsPerSlice = max(1, try options.count("rows_per_segment") ?? rowsPerSlice)
    encodingPreference =
      try options.choice("prefer", of: EncodingOptions.Preference.self) ?? encodingPreference
    try options.finish()
  }
}
