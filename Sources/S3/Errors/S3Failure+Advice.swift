extension S3Failure.Answer {
  /// What happened, in the server's words where it has some.
  var message: String {
    let said = Self.printable(body.message, characterCountMax: 300)
    return "the server refused \(context.operation.rawValue)" + (said.isEmpty ? "" : ": \(said)")
  }

  /// What the user can do about it.
  func advice(for kind: FailureKind, mend: Mend) -> String? {
    let place = "at \(context.endpoint)"
    switch kind {
    case .transient, .throttled: return "Try again later; the service \(place) is overloaded or failing."
    case .bodyDamaged: return "Check for a proxy or a network device that changes uploads on their way."
    case .conditionalConflict: return "Send the request again: another write of the same key was in flight."
    case .clockSkew: return clockAdvice
    case .expiredCredentials:
      return "Get new temporary credentials: the session token has expired or is not valid."
    case .wrongRegion: return regionAdvice(mend)
    case .preconditionFailed, .objectNotFound, .uploadNotFound: return nil
    case .accessDenied: return accessAdvice
    case .unknownAccessKey:
      return "Check the access key id (access_key_id or AWS_ACCESS_KEY_ID): it does not exist \(place)."
    case .wrongSecret:
      return "Check the secret access key: it does not belong to the access key id \(place). "
        + "If it is right, a proxy may be changing requests."
    case .bucketNotFound:
      return "Create the bucket '\(context.bucket)' or correct its name: none is \(place)."
    case .invalidRange: return nil
    case .invalidName:
      return "Choose a shorter or simpler name: the service \(place) does not take this one."
    case .tooLarge: return "Write the data in smaller pieces."
    case .storageFull: return "Free or add storage \(place), or raise the quota."
    case .notImplemented:
      return "The service \(place) does not support this request; `sterna doctor` shows what it supports."
    case .other: return "Look up the error code in the documentation of the service \(place)."
    }
  }

  private var clockAdvice: String {
    guard let offset = clockOffsetSeconds else {
      return "Set this machine's clock: its time is too far from the server's."
    }
    let direction = offset > 0 ? "behind" : "ahead of"
    return "Set this machine's clock: it is \(offset.magnitude) s \(direction) the server's."
  }

  private func regionAdvice(_ mend: Mend) -> String {
    if case .region(let region) = mend { return "Set the region to '\(region)'." }
    return "Set the region and endpoint of the bucket '\(context.bucket)': the request was signed for "
      + "'\(context.region)', and redirects to another host are not followed."
  }

  private var accessAdvice: String {
    let resource = context.key == nil ? context.bucket : "\(context.bucket)/*"
    var advice =
      "Allow \(context.operation.requiredAction) on arn:aws:s3:::\(resource) for these credentials, "
      + "and check the bucket's policy."
    if context.operation.readsObject {
      advice += " Without s3:ListBucket a missing object is answered like this too."
    }
    return advice
  }
}
