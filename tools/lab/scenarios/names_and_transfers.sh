# shellcheck shell=bash disable=SC2034,SC2154
# DNS, SSH, TFTP and FTP by their usual programs.

start_dnsmasq() { # HOST ADDRESS
  start "$1" dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root \
    --no-resolv --no-hosts --bind-interfaces --listen-address="$2" --local=/example.test/ \
    --host-record=www.example.test,192.0.2.80,2001:db8::80 \
    --cname=alias.example.test,www.example.test \
    --mx-host=example.test,mail.example.test,10 \
    --txt-record="long.example.test,$(printf 'text %.0s' {1..40}),$(printf 'more %.0s' {1..40})"
  wait_for_port "$1" udp 53
}

ask() { # HOST DIG_ARGUMENT...
  local host=$1
  shift
  on "$host" dig +time=2 +tries=1 "$@" >/dev/null
}

scenario dns_udp "dnsmasq dig" \
  "DNS over UDP: A, AAAA, CNAME, MX and TXT answered, a name that doesn't exist (NXDOMAIN), a zone refused"
record_dns_udp() {
  two_hosts
  start_dnsmasq server 192.0.2.20
  capture client eth0
  ask client @192.0.2.20 www.example.test A
  ask client @192.0.2.20 www.example.test AAAA
  ask client @192.0.2.20 alias.example.test A
  ask client @192.0.2.20 example.test MX
  ask client @192.0.2.20 long.example.test TXT
  ask client @192.0.2.20 missing.example.test A
  ask client @192.0.2.20 www.elsewhere.test A
}

scenario dns_tcp "dnsmasq dig" \
  "DNS over TCP: two questions, each on a connection of its own"
record_dns_tcp() {
  two_hosts
  start_dnsmasq server 192.0.2.20
  capture client eth0
  ask client +tcp @192.0.2.20 www.example.test A
  ask client +tcp @192.0.2.20 long.example.test TXT
}

scenario ssh_session "ssh sshd" \
  "SSH: key exchange, public-key login, a command that prints 39 kB, and logout"
record_ssh_session() {
  two_hosts
  [[ -d /run/sshd ]] || { mkdir /run/sshd && made_run_sshd=yes; }
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$work/host_key"
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$work/user_key"
  start server /usr/sbin/sshd -D -e -f /dev/null -h "$work/host_key" -o PidFile=none -o UsePAM=no \
    -o StrictModes=no -o PermitRootLogin=yes -o "AuthorizedKeysFile=$work/user_key.pub"
  wait_for_port server tcp 22
  capture client eth0
  on client ssh -F /dev/null -i "$work/user_key" -o BatchMode=yes -o LogLevel=ERROR \
    -o "UserKnownHostsFile=$work/known_hosts" -o StrictHostKeyChecking=accept-new \
    root@192.0.2.20 'seq 1 8000' >/dev/null
}

scenario tftp_transfer "tftp in.tftpd" \
  "TFTP: a file read in 512-byte blocks from a port that the server chose, then a file that doesn't exist"
record_tftp_transfer() {
  two_hosts
  mkdir "$work/tftp"
  seq 1 5000 >"$work/tftp/numbers.txt"
  start server in.tftpd --listen --foreground --address 192.0.2.20:69 --secure "$work/tftp"
  wait_for_port server udp 69
  capture client eth0
  (
    cd "$work" || exit
    on client tftp -m binary 192.0.2.20 -c get numbers.txt
    on client tftp -m binary 192.0.2.20 -c get missing.txt >/dev/null || true
  )
}

scenario ftp_transfer "vsftpd curl lftp" \
  "FTP: one download with a passive data connection (curl), one with an active one that the server opens from port 20 (lftp)"
record_ftp_transfer() {
  two_hosts
  mkdir -p "$work/ftp" "$work/empty"
  seq 1 5000 >"$work/ftp/numbers.txt"
  cat >"$work/vsftpd.conf" <<END
listen=YES
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_root=$work/ftp
secure_chroot_dir=$work/empty
seccomp_sandbox=NO
connect_from_port_20=YES
pasv_min_port=40000
pasv_max_port=40000
END
  start server vsftpd "$work/vsftpd.conf"
  wait_for_port server tcp 21
  capture client eth0
  fetch client ftp://192.0.2.20/numbers.txt
  HOME=$work on client lftp -c 'set ftp:passive-mode no; set ftp:ssl-allow no; set dns:order inet;
    set net:max-retries 1; open ftp://192.0.2.20; get numbers.txt -o '"$work"'/fetched.txt'
}
