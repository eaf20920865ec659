package core

import "crypto/tls"

func dial(address string, pinned DeviceID) (*tls.Conn, error) {
	// near-miss: the certificate is compared below
	connection, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return nil, err
	}
	shown := connection.ConnectionState().PeerCertificates[0]
	if NewDeviceID(shown.Raw) != pinned {
		connection.Close()
		return nil, ErrUnknownPeer
	}
	return connection, nil
}
